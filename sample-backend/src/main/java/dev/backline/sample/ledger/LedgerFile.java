package dev.backline.sample.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The ledger's file: each line is with the kernel when {@link #append} returns.
 *
 * <p>Written on the event loop, on purpose. A queue to a writer thread would lose what is still in
 * it at a {@code kill -9}, and those are the very lines that the drill asks for. A write of one
 * hundred bytes to the page cache costs microseconds, survives the death of the process, and is not
 * flushed to the disk: it need not survive the death of the machine.
 */
public final class LedgerFile implements Closeable {
  private final FileChannel channel;

  private LedgerFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Opens the file to append to it; what an earlier process wrote stays. */
  public static LedgerFile open(Path file) throws IOException {
    return new LedgerFile(
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
  }

  void append(byte[] line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
