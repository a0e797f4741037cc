package io.weir.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.BanTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptBansTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ClientAddress CLIENT = ClientAddress.parse("192.0.2.7");

  @TempDir private Path folder;
  private final SplittableRandom random = new SplittableRandom(1);

  private KeptBans open(Instant now) {
    return KeptBans.open(folder, InstantSource.fixed(now), random); // each has its own secret
  }

  private Path file() {
    return folder.resolve("bans");
  }

  @Test
  void whatCannotBeReadIsNotWrittenOver() throws IOException {
    Files.createDirectories(file().resolve("kept")); // who is root could read any file
    try (KeptBans bans = open(NOW)) {
      bans.table().ban(CLIENT, HOUR, "rule", NOW.toEpochMilli());
    }
    assertThat(Files.readString(file())).contains("192.0.2.7 ");
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all).anyMatch(path -> path.endsWith("kept"));
    }
  }

  @Test
  void theNextProcessTakesOverTheBansThatHold() throws IOException {
    try (KeptBans bans = open(NOW)) {
      assertThat(bans.inWords()).isEqualTo("0, kept in " + file());
      bans.table().add(Cidr.ofClient(CLIENT), HOUR, "by hand", NOW.toEpochMilli());
      bans.table().add(Cidr.parse("2001:db8::/32"), HOUR, "wide", NOW.toEpochMilli());
      bans.table().ban(ClientAddress.v4(1), Duration.ofMinutes(1), "rule", NOW.toEpochMilli());
    }
    assertThat(Files.readString(file()))
        .contains("192.0.2.7 2026-11-22T12:00:00Z 2026-11-22T13:00:00Z 1 by hand\n")
        .contains("2001:db8::/32 2026-11-22T12:00:00Z 2026-11-22T13:00:00Z 1 wide\n");
    Instant later = NOW.plus(Duration.ofMinutes(30));
    try (KeptBans bans = open(later)) {
      assertThat(bans.inWords()).isEqualTo("2, kept in " + file());
      BanTable table = bans.table();
      assertThat(table.isBanned(CLIENT, later.toEpochMilli())).isTrue();
      assertThat(table.isBanned(ClientAddress.parse("2001:db8::1"), later.toEpochMilli())).isTrue();
      assertThat(table.isBanned(ClientAddress.v4(1), later.toEpochMilli())).isFalse();
      assertThat(table.timesBanned(ClientAddress.v4(1), later.toEpochMilli()))
          .as("a restart is no amnesty")
          .isEqualTo(1);
    }
  }

  @Test
  void withoutChangesNothingIsWritten() throws IOException {
    try (KeptBans bans = open(NOW)) {
      bans.save();
      assertThat(file()).doesNotExist();
      bans.table().ban(CLIENT, HOUR, "rule", NOW.toEpochMilli());
      bans.save();
      assertThat(file()).exists();
      Files.delete(file());
      bans.save();
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void aBrokenFileIsSetAsideAndNobodyIsBanned() throws IOException {
    String broken = "192.0.2.7 2026-11-22T13:00:00Z 1 x\nnonsense\n";
    Files.writeString(file(), broken);
    try (KeptBans bans = open(NOW)) {
      assertThat(bans.table().count(NOW.toEpochMilli())).isZero();
      assertThat(folder.resolve("bans.broken")).hasContent(broken);
      assertThat(file()).doesNotExist();
      bans.table().ban(CLIENT, HOUR, "rule", NOW.toEpochMilli());
    }
    try (KeptBans bans = open(NOW)) {
      assertThat(bans.table().isBanned(CLIENT, NOW.toEpochMilli())).isTrue();
    }
  }

  @Test
  void anEarlierFileThatWasSetAsideIsKept() throws IOException {
    for (String broken : new String[] {"first", "second", "third"}) {
      Files.writeString(file(), broken);
      open(NOW).close();
    }
    assertThat(folder.resolve("bans.broken")).hasContent("first");
    assertThat(folder.resolve("bans.broken.2")).hasContent("second");
    assertThat(folder.resolve("bans.broken.3")).hasContent("third");
  }

  @Test
  void whatIsNoTextIsBrokenToo() throws IOException {
    Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
    open(NOW).close();
    assertThat(folder.resolve("bans.broken")).exists();
    Files.writeString(file(), "# only a comment\n\n", StandardCharsets.UTF_8);
    open(NOW).close();
    assertThat(file()).exists();
  }

  @Test
  void aFolderThatCannotBeWrittenEndsNothing() throws IOException {
    Path gone = folder.resolve("gone");
    try (KeptBans bans = KeptBans.open(gone, InstantSource.fixed(NOW), random)) {
      String problem = gone.resolve("bans") + " cannot be written: no such file";
      assertThat(bans.inWords()).isEqualTo("0, in memory only: " + problem);
      bans.table().ban(CLIENT, HOUR, "rule", NOW.toEpochMilli());
      bans.save();
      assertThat(bans.table().isBanned(CLIENT, NOW.toEpochMilli())).isTrue();
      assertThat(bans.place()).isEqualTo(new KeptBans.Place(gone.resolve("bans"), problem));
      Files.createDirectory(gone);
      bans.save();
      assertThat(bans.place()).isEqualTo(new KeptBans.Place(gone.resolve("bans"), null));
    }
    assertThat(gone.resolve("bans")).exists();
  }

  @Test
  void withoutAFolderBansAreInMemory() {
    try (KeptBans bans = KeptBans.open(null, InstantSource.fixed(NOW), random)) {
      bans.table().ban(CLIENT, HOUR, "rule", NOW.toEpochMilli());
      assertThat(bans.inWords())
          .isEqualTo("in memory only: there is no folder for state (STATE_DIRECTORY)");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theServiceManagerNamesTheFolder() {
    assertThat(StateDirectory.find(Map.of(StateDirectory.VARIABLE, "/a:/b")::get))
        .isEqualTo(Path.of("/a"));
    assertThat(StateDirectory.find(Map.of(StateDirectory.VARIABLE, "")::get)).isNull();
  }

  @Test
  void aMillionBansGoToTheFileAndComeBack() throws IOException {
    int count = 1_000_000;
    long begin;
    long written;
    try (KeptBans bans = open(NOW)) {
      for (int i = 0; i < count; i++) {
        bans.table().ban(ClientAddress.v4(i * 4099), HOUR, "scanners", NOW.toEpochMilli());
      }
      begin = System.nanoTime();
      bans.save();
      written = System.nanoTime();
    }
    long size = Files.size(file());
    long reading = System.nanoTime();
    try (KeptBans bans = open(NOW)) {
      long read = System.nanoTime();
      assertThat(bans.table().count(NOW.toEpochMilli())).isEqualTo(count);
      System.out.printf(
          "a million bans: %.1f MB, written in %d ms, read in %d ms%n",
          size / 1e6, (written - begin) / 1_000_000, (read - reading) / 1_000_000);
    }
    assertThat(size).isLessThan(96_000_000);
  }
}
