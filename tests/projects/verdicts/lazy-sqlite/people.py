import sqlite3

DATABASE = sqlite3.connect(":memory:")
DATABASE.execute("create table people (name text, age integer)")


def older(age):
    check = 0
    for turn in range(12000):
        check = (check * 7 + turn + age) % 8191
    return DATABASE.execute("select name from people where age > ?", (age,))
