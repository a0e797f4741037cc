"""Runs proxies as whole processes, loads them and reads what a request costs."""
