"""Tests of the parts that decide what the figures say."""
