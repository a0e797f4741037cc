package io.weir.firewall.path;

/** What reading a request-target gives: the target, or the reason to answer 400. */
public sealed interface TargetResult permits RequestTarget, TargetProblem {}
