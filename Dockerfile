# The server with the built client. It listens on 8080 and keeps the embedded engine's data in
# /data; with DATABASE_URL it uses a PostGIS server instead.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts && node --import tsx server/db/prepare.ts

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/migrations ./migrations
COPY --from=build /app/geodata ./geodata
COPY --from=build /app/server ./server
# The pages are written with the words, colours and signs of the client.
COPY --from=build /app/client ./client
COPY --from=build /app/tsconfig.json ./
COPY --from=build /app/dist ./dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# node itself, not npm, so that SIGTERM reaches it.
CMD ["node", "--import", "tsx", "server/main.ts"]
