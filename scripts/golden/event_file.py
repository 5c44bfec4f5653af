"""Prints the bytes, in hex, of the event file that EventFileTest writes, made by TensorBoard's own code."""
import io
import struct

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

WALL = 1600000000.0
events = [
    Event(wall_time=WALL, file_version="brain.Event:2"),
    Event(wall_time=WALL, step=300, session_log=SessionLog(status=SessionLog.START)),
    Event(wall_time=WALL, step=300, summary=Summary(value=[
        Summary.Value(tag="train/loss", simple_value=2.25),
        Summary.Value(tag="learning_rate", simple_value=0.1)])),
]
out = io.BytesIO()
for event in events:
    data = event.SerializeToString()
    length = struct.pack("<Q", len(data))
    out.write(length + struct.pack("<I", masked_crc32c(length)) + data + struct.pack("<I", masked_crc32c(data)))
print(out.getvalue().hex())
