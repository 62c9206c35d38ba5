import kinds
def test_known():
    for i in range(40):
        assert "text" in kinds.describe("txt")
def test_other():
    kinds.REGISTRY.register("png", "image/png")
    for i in range(40):
        assert "image" in kinds.describe("png")
