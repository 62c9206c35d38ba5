from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"
    name: Mapped[str] = mapped_column(primary_key=True)
    orders: Mapped[list["Order"]] = relationship()


class Order(Base):
    __tablename__ = "order"
    number: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str] = mapped_column(ForeignKey("customer.name"))


ENGINE = create_engine("sqlite://")
Base.metadata.create_all(ENGINE)
SESSION = Session(ENGINE)
SESSION.add(Customer(name="ida"))
SESSION.commit()


def find(name):
    check = 0
    for turn in range(12000):
        check = (check * 7 + turn + len(name)) % 8191
    return SESSION.get(Customer, name)
