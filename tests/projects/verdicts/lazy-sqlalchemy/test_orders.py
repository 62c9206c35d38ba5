import orders
import pytest


@pytest.mark.parametrize("number", range(1, 51))
def test_orders_of_a_customer(number):
    orders.SESSION.add(orders.Order(number=number, customer="ida"))
    orders.SESSION.flush()
    assert {order.customer for order in orders.find("ida").orders} == {"ida"}
