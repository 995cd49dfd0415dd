import { WebSocket } from "ws";

/** A client in a process of its own: connects as often as it is told, plays a step, says so, and waits. */
const [url = "", count = "1"] = process.argv.slice(2);
const sockets = Array.from({ length: Number(count) }, () => new WebSocket(`${url.replace("http", "ws")}/ws`));
let ready = 0;
for (const socket of sockets) {
  socket.on("error", () => {});
  socket.once("open", () => socket.send('{"type":"reset","data":{"seed":1}}'));
  socket.once("message", () => {
    ready += 1;
    if (ready === sockets.length) process.stdout.write("ready\n");
  });
}
