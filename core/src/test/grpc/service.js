// What the client and the server of the stories agree on: calls whose messages are plain text.
const text = { serialize: s => Buffer.from(s), deserialize: b => b.toString() };
const bytes = { serialize: b => b, deserialize: b => b };

const call = (path, form, requestStream, responseStream) => ({
  path, requestStream, responseStream,
  requestSerialize: form.serialize, requestDeserialize: form.deserialize,
  responseSerialize: form.serialize, responseDeserialize: form.deserialize,
});

exports.stories = {
  greet: call('/weir.Stories/Greet', text, false, false),
  join: call('/weir.Stories/Join', text, true, false),
  count: call('/weir.Stories/Count', text, false, true),
  chat: call('/weir.Stories/Chat', text, true, true),
  fail: call('/weir.Stories/Fail', text, false, false),
  wait: call('/weir.Stories/Wait', text, false, false),
  tick: call('/weir.Stories/Tick', text, true, true),
};

exports.health = { check: call('/grpc.health.v1.Health/Check', bytes, false, false) };
