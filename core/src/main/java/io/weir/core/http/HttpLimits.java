package io.weir.core.http;

/**
 * What one client connection may ask for, and how long it may take.
 *
 * @param maxBodyBytes of one request
 * @param minBodyRate bytes a second of a body; 0 asks for none
 * @param maxRequests on one connection
 * @param headerNanos from the first byte of a request to the end of its head
 * @param bodyIdleNanos between two pieces of a body
 * @param idleNanos between two requests, and without reading any of a response
 * @param requestNanos from the first byte of a request to the last of its response; 0 for no limit
 * @param tunnelIdleNanos between two bytes of a WebSocket, whichever way they go
 */
public record HttpLimits(
    int maxHeadBytes,
    int maxFields,
    long maxBodyBytes,
    long minBodyRate,
    int maxRequests,
    long headerNanos,
    long bodyIdleNanos,
    long idleNanos,
    long requestNanos,
    long tunnelIdleNanos) {}
