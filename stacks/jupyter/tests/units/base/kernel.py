"""The Python kernel starts, computes and ends."""

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="python3", startup_timeout=60)
try:
    printed = []
    client.execute_interactive(
        "print(6 * 7)",
        timeout=60,
        output_hook=lambda message: printed.append(message["content"].get("text", "")),
    )
    assert "".join(printed).strip() == "42", printed
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
