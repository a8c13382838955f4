package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  @Test
  void optionsHaveTheDefaultsThatTheHelpNames() {
    Options options = Arguments.options(Arguments.commandLine().parseArgs());
    assertThat(options.host()).isEqualTo("127.0.0.1");
    assertThat(options.port()).isEqualTo(3000);
    assertThat(options.faults()).isFalse();
    assertThat(options.ledger()).isNull();
    assertThat(options.exitWithStdin()).isFalse();
    assertThat(Arguments.commandLine().getUsageMessage())
        .contains("Default: 127.0.0.1")
        .contains("Default: 3000")
        .contains("Default: sample-PID");
  }

  /** The main process of a container is number 1 in each of them: five backends, one name. */
  @Test
  void inContainersTheHostNamesTheInstance() {
    assertThat(Arguments.defaultInstance(1, "4f2a")).isEqualTo("sample-4f2a");
    assertThat(Arguments.defaultInstance(1, null)).isEqualTo("sample-1");
    assertThat(Arguments.defaultInstance(4711, "laptop")).isEqualTo("sample-4711");
  }

  @Test
  void allOptionsAreRead() {
    String line =
        "--host 127.0.0.11 --port 3001 --instance backend-1 --faults --ledger l --exit-with-stdin";
    assertThat(Arguments.options(Arguments.commandLine().parseArgs(line.split(" ", -1))))
        .isEqualTo(new Options("127.0.0.11", 3001, "backend-1", true, Path.of("l"), true, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--port=65536      | --port: 65536 (expected: 0 to 65535)",
        "--port=-1         | --port: -1 (expected: 0 to 65535)",
        "--instance=a/b    | --instance: \"a/b\" (expected: 1 to 64 letters",
        "--instance=       | --instance: \"\" (expected: 1 to 64 letters",
      })
  void wrongValueIsNamed(String argument, String message) {
    assertThatThrownBy(() -> Arguments.options(Arguments.commandLine().parseArgs(argument)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--port=3000a              | '--port': '3000a'",
        "--port=70000              | --port: 70000 (expected: 0 to 65535)",
        "--prot=3000               | '--prot=3000'",
        "--ledger=/no/such/folder/l | --ledger: ",
      })
  void wrongCommandLineExitsWithTwoAndNoStackTrace(String argument, String message)
      throws Exception {
    try (BackendProcess backend = BackendProcess.run(argument)) {
      assertThat(backend.exitCode()).isEqualTo(2);
      assertThat(backend.log()).contains(message).doesNotContain("\tat ");
    }
  }

  @Test
  void portThatIsTakenExitsWithFourAndSaysWhatToDo() throws Exception {
    try (Running other = Running.plain();
        BackendProcess backend = BackendProcess.run("--port", "" + other.port())) {
      assertThat(backend.exitCode()).isEqualTo(4);
      assertThat(backend.log())
          .isEqualTo(
              "127.0.0.1:"
                  + other.port()
                  + ": address already in use (another backend? choose --port)"
                  + System.lineSeparator());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "192.0.2.1       | 192.0.2.1:0: not an address of this machine (choose --host)",
        "no-such.invalid | no-such.invalid:0: unknown host (expected: an address of this machine;",
      })
  void hostThatIsNotOursExitsWithFour(String host, String message) throws Exception {
    try (BackendProcess backend = BackendProcess.run("--port=0", "--host=" + host)) {
      assertThat(backend.exitCode()).isEqualTo(4);
      assertThat(backend.log()).startsWith(message).doesNotContain("\tat ");
    }
  }

  @Test
  void helpExitsWithZero() throws Exception {
    try (BackendProcess backend = BackendProcess.run("--help")) {
      assertThat(backend.ready()).startsWith("Usage: sample-backend");
      assertThat(backend.exitCode()).isZero();
    }
  }
}
