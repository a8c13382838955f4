package dev.backline.balancer.balance;

/** How a pool selects. */
public sealed interface SelectionPolicy {

  /** The better of two drawn at random: by load, and by latency where one is far slower. */
  record PowerOfTwoChoices() implements SelectionPolicy {
    @Override
    public String toString() {
      return "power of two choices";
    }
  }

  /** Each in turn, by weight, interleaved. */
  record RoundRobin() implements SelectionPolicy {
    @Override
    public String toString() {
      return "round robin";
    }
  }

  /** The same key to the same backend; a request without the key is sent as with two choices. */
  record Hash(HashKey key) implements SelectionPolicy {
    @Override
    public String toString() {
      return "hash on " + key;
    }
  }

  /** What is hashed. */
  sealed interface HashKey {
    /** The client's address. */
    record ClientAddress() implements HashKey {
      @Override
      public String toString() {
        return "client_address";
      }
    }

    /** The value of a request header. */
    record Header(String name) implements HashKey {
      @Override
      public String toString() {
        return "header:" + name;
      }
    }

    /** The value of a cookie. */
    record Cookie(String name) implements HashKey {
      @Override
      public String toString() {
        return "cookie:" + name;
      }
    }
  }
}
