package io.weir.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceUnitIT {
  private static final Pattern SCORE =
      Pattern.compile("exposure level for weir.service: ([0-9.]+)");

  @TempDir private Path folder;

  /** The unit as shipped, but with the program where it is now. */
  private String analyze(String... command) throws IOException {
    Path unit = folder.resolve("weir.service");
    String shipped = Files.readString(Weir.TREE.resolve("systemd/weir.service"));
    String program = Weir.TREE.resolve("bin/weir").toString();
    Files.writeString(unit, shipped.replace("/usr/bin/weir", program));
    String[] all = Arrays.copyOf(command, command.length + 1);
    all[command.length] = unit.toString();
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void systemdHasNothingToSayAboutIt() throws IOException {
    assertThat(analyze("systemd-analyze", "verify", "--man=no")).isEmpty();
  }

  @Test
  void itsExposureIsLow() throws IOException {
    String report = analyze("systemd-analyze", "security", "--offline=true", "--no-pager");
    Matcher score = SCORE.matcher(report);
    assertThat(score.find()).as(report).isTrue();
    assertThat(Double.parseDouble(score.group(1))).as(report).isLessThan(2.5);
  }

  @Test
  void nothingInItKillsTheJvm() throws IOException {
    String unit = Files.readString(Weir.TREE.resolve("systemd/weir.service"));
    assertThat(unit).doesNotContainPattern("(?m)^(MemoryDenyWriteExecute|ProcSubset)");
  }
}
