// Asks for the figures once a second and shows them. Everything from outside goes through textContent.
'use strict';
const HISTORY = 60; // seconds in the small charts
const REFUSALS = 20; // shown
const get = id => document.getElementById(id);
const charts = { qps: [], p99: [], errors: [] };
let paused = false;
let lastRules = null;
let recent = []; // refusals, the latest first
let stream = null; // null: asked for once a second

const count = n => n >= 1e6 ? (n / 1e6).toFixed(1) + 'M' : n >= 1e4 ? (n / 1e3).toFixed(1) + 'k' : String(n);
const rate = n => n >= 1e4 ? count(n) : n >= 100 ? n.toFixed(0) : n.toFixed(1);
const millis = n => n >= 1000 ? (n / 1000).toFixed(2) + ' s' : n >= 10 ? n.toFixed(0) + ' ms' : n >= 1 ? n.toFixed(1) + ' ms' : n > 0 ? (n * 1000).toFixed(0) + ' µs' : '–';
const percent = n => n === 0 ? '0%' : n < 0.001 ? '<0.1%' : (n * 100).toFixed(1) + '%';
const span = s => s >= 86400 ? Math.floor(s / 86400) + ' d ' + Math.floor(s % 86400 / 3600) + ' h' : s >= 3600 ? Math.floor(s / 3600) + ' h ' + Math.floor(s % 3600 / 60) + ' min' : s >= 60 ? Math.floor(s / 60) + ' min ' + s % 60 + ' s' : s + ' s';
const show = (id, text) => { if (get(id).textContent !== text) get(id).textContent = text; };

async function fetchJson(path) {
  const response = await fetch(path, { cache: 'no-store' });
  if (!response.ok) throw new Error(response.status);
  return response.json();
}

function draw(name, value) {
  const values = charts[name];
  values.push(value);
  if (values.length > HISTORY) values.shift();
  const top = Math.max(...values) || 1;
  const left = HISTORY - values.length;
  const points = values.map((v, i) => ((left + i) * HISTORY / (HISTORY - 1)).toFixed(2) + ' ' + (19 - v / top * 17).toFixed(2));
  const [area, stroke] = get(name + '-line').children;
  const path = 'M' + points.join('L');
  stroke.setAttribute('d', path);
  area.setAttribute('d', path + 'V20H' + points[0].split(' ')[0] + 'Z');
}

// A table is built anew each time: there are few rows, and the browser keeps what is focused or selected elsewhere.
function table(id, headings, rows, empty) {
  const line = (cells, tag) => {
    const row = document.createElement('tr');
    cells.forEach((cell, i) => {
      const box = document.createElement(tag);
      const value = Array.isArray(cell) ? cell : [cell, ''];
      box.textContent = value[0];
      box.className = ((headings[i].startsWith('#') ? 'number ' : '') + value[1]).trim();
      if (tag === 'th') box.scope = 'col';
      row.append(box);
    });
    return row;
  };
  const head = document.createElement('thead');
  head.append(line(headings.map(h => h.replace('#', '')), 'th'));
  const body = document.createElement('tbody');
  if (rows.length) {
    body.append(...rows.map(cells => line(cells, 'td')));
  } else {
    const box = document.createElement('td');
    box.colSpan = headings.length;
    box.className = 'empty';
    box.textContent = empty;
    const row = document.createElement('tr');
    row.append(box);
    body.append(row);
  }
  get(id).replaceChildren(head, body);
}

const none = { qps: { '1s': 0, '10s': 0, '1m': 0 }, latency_ms: { p50: 0, p99: 0, 'p99.9': 0 }, error_ratio: 0 };
const live = (list, match) => (list || []).find(match) || none;
const figures = l => [rate(l.qps['1s']), millis(l.latency_ms.p50), millis(l.latency_ms.p99), [percent(l.error_ratio), l.error_ratio > 0 ? 'bad' : '']];
const FIGURES = ['#QPS', '#p50', '#p99', '#Errors'];

function render(status, stats) {
  const total = stats.total || none;
  const backends = status.pools.flatMap(p => p.backends.map(b => ({ ...b, pool: p.pool })));
  const up = backends.filter(b => b.state === 'up').length;
  const state = status.draining ? 'draining' : status.ready ? 'serving' : 'not ready';

  show('state', state);
  get('state').className = 'pill ' + (state === 'serving' ? 'good' : 'bad');
  show('about', `${status.version} · up ${span(status.uptime_seconds)} · ${status.transport}, ${status.workers} ${status.workers === 1 ? 'worker' : 'workers'}`);
  const reload = status.config.last_reload;
  show('config', `${status.config.file} ${status.config.hash} · generation ${status.config.generation} · last reload ${reload}`);
  get('config').className = reload === 'ok' ? '' : 'bad';
  document.title = `${rate(total.qps['1s'])} rps · Weir`;

  show('qps', rate(total.qps['1s']));
  show('qps-10s', rate(total.qps['10s']));
  show('qps-1m', rate(total.qps['1m']));
  show('p50', millis(total.latency_ms.p50));
  show('p99', millis(total.latency_ms.p99));
  show('p999', millis(total.latency_ms['p99.9']));
  show('errors', percent(total.error_ratio));
  get('errors').className = 'figure ' + (total.error_ratio > 0 ? 'bad' : '');
  show('up', `${up}/${backends.length}`);
  get('up').className = 'figure ' + (up < backends.length ? 'bad' : '');
  const connections = status.listeners.reduce((sum, l) => sum + l.connections, 0);
  show('connections', count(connections) + (connections === 1 ? ' connection' : ' connections'));
  show('in-flight', count(backends.reduce((sum, b) => sum + b.in_flight, 0)));
  get('dots').replaceChildren(...backends.map(b => {
    const dot = document.createElement('i');
    if (b.state !== 'up') dot.className = 'down';
    return dot;
  }));
  draw('qps', total.qps['1s']);
  draw('p99', total.latency_ms.p99);
  draw('errors', total.error_ratio);

  table('backends', ['Pool', 'Backend', 'State', '#Weight', '#In flight', ...FIGURES], backends.map(b => [
    b.pool, b.backend + (b.backup ? ' backup' : ''), ['● ' + b.state, b.state === 'up' ? 'good' : 'bad'], String(b.weight), count(b.in_flight),
    ...figures(live(stats.backends, s => s.pool === b.pool && s.backend === b.backend))]), 'No pools: routes redirect or answer by themselves.');

  const before = lastRules || {};
  table('rules', ['Rule', 'Action', 'Mode', '#Matches', '#In the last second'], status.rules.map(r => [
    r.rule, r.action, [r.mode, r.mode === 'report' ? 'warn' : ''], count(r.matches),
    r.rule in before ? count(Math.max(0, r.matches - before[r.rule])) : '–']), 'No rules: everything is let through.');
  lastRules = Object.fromEntries(status.rules.map(r => [r.rule, r.matches]));

  const now = Date.now();
  table('refusals', ['When', 'Client', 'Rule', 'Action', 'Because of', 'Request', 'Id'], recent.map(e => [
    span(Math.max(0, Math.floor((now - Date.parse(e.ts)) / 1000))) + ' ago', e.client_ip, e.rule || (e.reason ? `banned: ${e.reason}` : 'default'),
    e.action + (e.status ? ' ' + e.status : ''), e.field ? e.field + (e.excerpt === undefined ? '' : ' = ' + e.excerpt) : '–',
    e.method ? `${e.method} ${e.host}${e.path}` : 'at accept', e.request_id || '–']), 'Nothing was refused lately.');

  const target = route => (status.routes.find(r => r.route === route) || { target: '–' }).target;
  table('routes', ['Route', 'Target', ...FIGURES], (stats.routes || []).map(s => [s.route, target(s.route), ...figures(s)]), 'No routes.');
  table('listeners', ['Listener', 'Address', 'Mode', '#Connections', ...FIGURES], status.listeners.map(l => [
    l.listener, l.addresses.join(' '), l.mode + (l.tls ? ' tls' : ''), count(l.connections),
    ...figures(live(stats.listeners, s => s.listener === l.listener))]), 'No listeners.');
}

// Adds refusals that came in, which may be known already.
function take(events) {
  const known = new Set();
  recent = [...events, ...recent].filter(e => {
    const text = JSON.stringify(e);
    return !known.has(text) && known.add(text);
  }).sort((a, b) => Date.parse(b.ts) - Date.parse(a.ts)).slice(0, REFUSALS);
}

const askForRefusals = async () => { recent = (await fetchJson('api/v1/firewall/events?limit=' + REFUSALS)).events; };

// Refusals come by themselves while the stream lives, and are asked for like all else while it does not.
function follow() {
  const source = new EventSource('api/v1/firewall/events?follow');
  const look = () => {
    stream = source.readyState === EventSource.OPEN ? source : null;
    get('refusals').dataset.by = stream ? 'stream' : 'question';
  };
  const catchUp = () => askForRefusals().then(look, () => {}); // else the next second asks again
  source.addEventListener('open', catchUp);
  source.addEventListener('dropped', catchUp);
  source.addEventListener('restarted', catchUp);
  source.addEventListener('refusal', e => take([JSON.parse(e.data)]));
  const lost = () => {
    look();
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 10000); // else it tries again by itself
  };
  source.addEventListener('end', () => { source.close(); lost(); });
  source.addEventListener('error', lost);
}

async function tick() {
  const began = performance.now();
  if (!paused && !document.hidden) {
    try {
      const [status, stats] = await Promise.all([fetchJson('api/v1/status'), fetchJson('api/v1/stats'), stream || askForRefusals()]);
      document.body.classList.remove('stale');
      render(status, stats);
    } catch (e) {
      document.body.classList.add('stale');
      show('state', 'no answer');
      get('state').className = 'pill bad';
    }
  }
  setTimeout(tick, Math.max(100, 1000 - (performance.now() - began)));
}

function togglePause() {
  paused = !paused;
  get('pause').setAttribute('aria-pressed', paused);
  if (paused) show('state', 'paused');
}

function toggleTheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const now = document.documentElement.dataset.theme || (dark ? 'dark' : 'light');
  document.documentElement.dataset.theme = now === 'dark' ? 'light' : 'dark';
}

get('pause').addEventListener('click', togglePause);
get('theme').addEventListener('click', toggleTheme);
addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === 'p') togglePause();
  if (e.key === 't') toggleTheme();
});
follow();
tick();
