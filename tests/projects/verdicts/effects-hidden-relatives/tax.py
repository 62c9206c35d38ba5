import telemetry


def duty(value):
    telemetry.bump("tax")
    owed = 0
    for cent in range(9000):
        owed = (owed + value * cent) % 1009
    return owed
