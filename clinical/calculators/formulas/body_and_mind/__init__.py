"""Weights and fluids, pregnancy, mind, nerves, joints, medicines."""
