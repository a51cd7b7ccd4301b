def pytest_addoption(parser):
    parser.addoption("--ref")
