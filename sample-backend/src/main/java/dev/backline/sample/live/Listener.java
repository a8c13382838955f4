package dev.backline.sample.live;

/** Somebody who is told what happens. Owned by the event loop. */
interface Listener {
  void tell(Message message);

  /** Nothing happens, but this instance is still there. */
  void beat();

  /** Whether it reads more slowly than things happen. */
  boolean isBehind();

  /** This instance is going: the listener should ask again, and will meet another. */
  void sayGoodbye();

  /** Ends it without another word. */
  void cutOff();
}
