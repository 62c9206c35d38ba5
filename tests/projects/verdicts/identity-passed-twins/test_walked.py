import walked

def test_size():
    for i in range(60):
        assert walked.size(i % 3) == 1
def test_more():
    for i in range(60):
        assert walked.size(i % 4) == 1
