def test_start(image):
    assert image
