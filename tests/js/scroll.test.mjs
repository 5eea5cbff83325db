import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScrollKeeper } from '../../public/js/scroll.js';

/** A list of rows by height in a view of 500 px, scrolled as a browser without anchoring would. */
function setUp(heights, top = 0) {
  const rows = heights.map((height) => ({ height }));
  const view = {
    rows,
    viewport: 500,
    latest: true,
    scrolled: top,
    get top() {
      return this.scrolled;
    },
    set top(wanted) {
      this.scrolled = Math.max(0, Math.min(wanted, this.height - this.viewport));
    },
    get height() {
      return this.rows.reduce((sum, { height }) => sum + height, 0);
    },
    firstInView() {
      return this.rows.find((row) => this.placeOf(row) + row.height > 0) ?? null;
    },
    placeOf(row) {
      const index = this.rows.indexOf(row);
      if (index < 0) return null;
      return this.rows.slice(0, index).reduce((sum, { height }) => sum + height, 0) - this.scrolled;
    },
  };
  const keeper = new ScrollKeeper(view);
  keeper.remember();
  return { view, keeper, rows };
}

const many = Array.from({ length: 40 }, () => 50);

test('SC2 at the end a new message keeps the end, also a tall one', () => {
  const { view, keeper } = setUp(many, 1_500);
  for (const height of [50, 900]) keeper.change(() => view.rows.push({ height }));
  assert.equal(keeper.distance, 0);
});

test('SC2 within 100 px of the end counts as the end', () => {
  const { view, keeper } = setUp(many, 1_400);
  keeper.change(() => view.rows.push({ height: 50 }));
  assert.equal(keeper.distance, 0);
});

test('SC3 scrolled up, what one reads stays where it is, whatever changes above or below', () => {
  const changes = {
    'arrival below': (rows) => rows.push({ height: 300 }),
    'older page above': (rows) => rows.unshift({ height: 333 }, { height: 77 }),
    'edit above grows': (rows) => (rows[2].height = 180),
    'deletion above': (rows) => rows.splice(1, 2),
    'edit below grows': (rows) => (rows[30].height = 400),
  };
  for (const [name, change] of Object.entries(changes)) {
    const { view, keeper, rows } = setUp(many, 725);
    const reading = view.firstInView();
    const place = view.placeOf(reading);
    keeper.change(() => change(rows));
    assert.equal(view.placeOf(reading), place, name);
    assert.equal(keeper.atEnd, false, name);
  }
});

test('SC6 a view that shrinks keeps the end, or the place', () => {
  const atEnd = setUp(many, 1_500);
  atEnd.view.viewport = 200;
  atEnd.keeper.settle();
  assert.equal(atEnd.keeper.distance, 0);

  const reading = setUp(many, 725);
  const row = reading.view.firstInView();
  const place = reading.view.placeOf(row);
  reading.view.viewport = 200;
  reading.keeper.settle();
  assert.equal(reading.view.placeOf(row), place);
});

test('a row that vanished while it was the place to keep moves nothing', () => {
  const { view, keeper, rows } = setUp(many, 725);
  keeper.change(() => rows.splice(rows.indexOf(view.firstInView()), 1));
  assert.equal(view.top, 725);
});

test('the top is near enough for older pages before it is reached', () => {
  assert.equal(setUp(many, 400).keeper.wantsOlder, true);
  assert.equal(setUp(many, 1_200).keeper.wantsOlder, false);
});

test('SC8 the end of what is loaded is not the end while newer messages are missing', () => {
  const { view, keeper } = setUp(many, 1_500);
  view.latest = false;
  keeper.remember();
  assert.equal(keeper.atEnd, false);
  const reading = view.firstInView();
  const place = view.placeOf(reading);
  keeper.change(() => view.rows.push({ height: 500 }));
  assert.equal(view.placeOf(reading), place);
});

test('SC8 what is missing below is near before it is in view, and only who goes down comes to it', () => {
  const { view, keeper, rows } = setUp(many, 400);
  assert.equal(keeper.isAhead(rows[25]), true);
  assert.equal(keeper.isAhead(rows[35]), false);
  assert.equal(keeper.isAhead(rows[2]), false);
  view.top = 500;
  keeper.remember();
  assert.equal(keeper.goesDown, true);
  keeper.change(() => view.rows.unshift({ height: 300 }));
  keeper.remember();
  assert.equal(keeper.goesDown, true, 'what the keeper moves is no step of the reader');
  view.top -= 10;
  keeper.remember();
  assert.equal(keeper.goesDown, false);
});

test('an empty timeline is at its end', () => {
  const { keeper } = setUp([]);
  assert.equal(keeper.atEnd, true);
  keeper.change(() => {});
});
