# The environment server. Build it and run it for this machine alone:
#
#   docker build -t oncall-gym .
#   docker run --rm -p 127.0.0.1:8000:8000 oncall-gym
#
# Inside a container it has to listen on every address, and it demands no token unless ONCALL_CONTROL_TOKEN is set:
# publish the port on loopback only, or set a token. It holds the tasks with their answers, so that no agent may run in
# it; env/deploy/agent.Dockerfile is for agents.
FROM node:20 AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:20-slim
ENV NODE_ENV=production ONCALL_HOST=0.0.0.0 ONCALL_PORT=8000 ONCALL_INSECURE_NO_AUTH=true
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY env ./env
COPY tasks ./tasks

USER node
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.ONCALL_PORT + '/health').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "tsx", "env/deploy/main.ts"]
