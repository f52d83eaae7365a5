"""How one reply grows in its thread."""
