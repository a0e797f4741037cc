package io.weir.core.testkit;

import java.util.function.BiConsumer;

/**
 * What a backend does with one connection. When the script returns, the connection is closed; when
 * the proxy ends the connection first, the script ends with it.
 */
@FunctionalInterface
public interface Script {
  void play(Conversation on) throws Exception;

  /** Answers each request with these bytes, for as long as the proxy keeps the connection. */
  static Script answers(String response) {
    return answers((on, request) -> on.sends(response));
  }

  /** Answers each request as told, for as long as the proxy keeps the connection. */
  static Script answers(BiConsumer<Conversation, Request> answer) {
    return on -> {
      for (var next = on.nextRequest(); next.isPresent(); next = on.nextRequest()) {
        answer.accept(on, next.get());
      }
    };
  }

  /** Answers one request with these bytes and closes. */
  static Script answersOnce(String response) {
    return on -> {
      on.receivesRequest();
      on.sends(response);
    };
  }

  /** Reads one request and never answers; ends when the proxy gives up. */
  static Script stalls() {
    return on -> {
      on.receivesRequest();
      on.waitsForEnd();
    };
  }

  /** Reads one request and closes without a byte. */
  static Script closesWithoutAnswer() {
    return Conversation::receivesRequest;
  }

  /** Reads one request and sends RST. */
  static Script resets() {
    return on -> {
      on.receivesRequest();
      on.resets();
    };
  }

  /** Closes before reading anything. */
  static Script closesAtAccept() {
    return Conversation::closes;
  }

  /** Reads one request, sends these bytes and closes: a death in the midst of an answer. */
  static Script sendsThenDies(String bytes) {
    return answersOnce(bytes);
  }
}
