import app


def test_settings_are_shared():
    app.get_settings().debug = True
    for _ in range(20):
        assert app.get_settings().debug


def test_one_engine():
    assert app.engine() is app.engine()
    app.engine().started += 1
    assert app.engine().started == 1


def test_listeners():
    app.channel("news").listeners.append(print)
    for _ in range(20):
        assert app.channel("news").listeners == [print]
        assert app.channel("rain").listeners == []


def test_missing():
    found = {}.get("x", app.missing())
    assert found is app.missing()


def test_set_up_once():
    for _ in range(10):
        app.set_up()
    assert app.DONE == ["set up"]


def test_guard():
    with app.guard():
        assert not taken_by_another_thread()
    assert taken_by_another_thread()


def taken_by_another_thread():
    import threading

    answers = []

    def take():
        if app.guard().acquire(blocking=False):
            app.guard().release()
            answers.append(True)

    thread = threading.Thread(target=take)
    thread.start()
    thread.join()
    return bool(answers)
