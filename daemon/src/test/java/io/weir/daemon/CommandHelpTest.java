package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandHelpTest {
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^  (?:[A-Z_]+=\\S+ )?(weir .*)$");

  /** Every command, and those below it. */
  private static List<CommandLine> commands(CommandLine line) {
    List<CommandLine> all = new ArrayList<>();
    for (CommandLine command : line.getSubcommands().values()) {
      all.add(command);
      all.addAll(commands(command));
    }
    return all;
  }

  @Test
  void everyCommandSaysHowItEndsAndShowsExamples() {
    for (CommandLine command : commands(Main.commandLine())) {
      assertThat(command.getUsageMessage())
          .as(command.getCommandSpec().qualifiedName())
          .containsPattern("\\nEnds with:\\n  0 +All is well\\.\\n")
          .containsPattern("\\nExamples:\\n  ");
    }
  }

  @Test
  void aReloadMayAlsoEndWithTheOldConfiguration() {
    assertThat(CommandRun.of("reload", "--help").out())
        .containsPattern("\n  0 .*\n  1 .*\n  2 .*\n  3 .*\n  4 ");
  }

  @Test
  void whoSpeaksToARunningOneMayHearThatTheFileDoesNotSayWhereItIs() {
    for (String command : List.of("status", "ban", "ban add", "ban list", "ban remove", "rules")) {
      String[] words = (command + " --help").split(" ");
      assertThat(CommandRun.of(words).out())
          .as(command)
          .containsPattern("\n  0 .*\n  1 .*\n  2 .*\n  4 ");
    }
  }

  @Test
  void everyExampleIsACommandLineThatIsTaken() {
    int examples = 0;
    for (CommandLine command : commands(Main.commandLine())) {
      String help = command.getUsageMessage();
      for (String example :
          EXAMPLE.matcher(help).results().map(found -> found.group(1)).distinct().toList()) {
        String alone = example.replaceFirst(" (&&|\\|) .*", "");
        String[] words = alone.substring("weir ".length()).split(" ");
        Main.commandLine().parseArgs(words); // throws if it is not
        assertThat(words[0])
            .as(example)
            .isEqualTo(command.getCommandSpec().qualifiedName().split(" ")[1]);
        examples++;
      }
    }
    assertThat(examples).isGreaterThan(20);
  }

  @Test
  void whoRunsItReadsWhatSignalsDo() {
    CommandRun run = CommandRun.of("run", "--help");
    assertThat(run.out()).contains("\nSignals:\n  HUP  ", "a second TERM or INT\n");
    assertThat(Arrays.stream(run.out().split("\n"))).allMatch(line -> line.length() <= 80);
  }
}
