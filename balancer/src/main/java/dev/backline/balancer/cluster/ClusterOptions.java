package dev.backline.balancer.cluster;

import dev.backline.balancer.model.MemberId;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a member needs to know to find the others.
 *
 * @param cluster the name that all members have in common
 * @param self this member, unlike all others
 * @param host the address that others reach this member at, and the only one it listens on
 * @param port where it listens
 * @param members addresses of the others, unresolved; this one may be among them. A name stands for
 *     all of its addresses, and is looked up whenever Hazelcast looks for members
 * @param secret what all members have in common and nobody else knows
 */
public record ClusterOptions(
    String cluster,
    MemberId self,
    String host,
    int port,
    List<InetSocketAddress> members,
    String secret) {}
