package dev.backline.testbed.history;

/**
 * How the machine treated the testbed's own process during a drill.
 *
 * @param longestGapMillis the longest time that a thread which wanted to run every 20 ms was kept
 *     from it
 * @param latestStartMillis how late the latest request was sent after its intended time
 * @param idleClosesUnannounced kept connections that the balancer closed between two requests
 *     without having said {@code Connection: close}; no request was lost by these
 * @param unaskedAnswers how often something came on a connection that carried no request
 */
public record Machine(
    long longestGapMillis, long latestStartMillis, int idleClosesUnannounced, int unaskedAnswers) {}
