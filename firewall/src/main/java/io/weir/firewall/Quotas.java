package io.weir.firewall;

/**
 * What clients are told of the limits that a request was counted by, in the order of the rules.
 *
 * @param policies the value of {@code RateLimit-Policy}
 * @param states the value of {@code RateLimit}, as it is after the request was counted
 */
public record Quotas(String policies, String states) {}
