"""What the model may use while it answers: functions of our own, and what the operator offers besides."""
