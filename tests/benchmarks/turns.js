// What the opponents in JavaScript share: turns of training by lines of standard input, and a new order of the points.
"use strict";

// Reads one line of JSON that describes the work, then for each line with a number trains for so many seconds and prints
// epochs per second. `prepare` takes the work and returns a function that trains one epoch.
exports.serve = (prepare) => {
  let epoch = null;
  require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const message = JSON.parse(line);
    if (typeof message !== "number") {
      epoch = prepare(message);
      return;
    }
    const started = process.hrtime.bigint();
    let epochs = 0, seconds = 0;
    while (seconds < message || epochs === 0) {
      epoch();
      epochs += 1;
      seconds = Number(process.hrtime.bigint() - started) / 1e9;
    }
    console.log(epochs / seconds);
  });
};

exports.shuffle = (items) => {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
};
