# Relative to the folder that declares the stack, and there or not.
expect_json(demo.stack.json "${SOURCE}/locks/bases.lock" lock)
