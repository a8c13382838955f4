package dev.backline.balancer.proxy;

import dev.backline.balancer.http.HopByHop;
import dev.backline.balancer.model.RequestHead;
import io.vertx.core.http.HttpServerRequest;

/**
 * A client's request that was accepted, and what was read of it on the way.
 *
 * @param connections among which is its own
 * @param head as routes and policies see it
 * @param hopByHop what of its head is for this connection only
 * @param id the client's own, or a new one
 */
record ClientRequest(
    HttpServerRequest request,
    ClientConnections connections,
    RequestHead head,
    HopByHop hopByHop,
    String id) {}
