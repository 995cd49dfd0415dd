# For an agent that runs code: the Python client and nothing else of this repository. No task, score or server is in
# it, and its build context is the client's folder, so that none can get in:
#
#   docker build -t oncall-agent -f env/deploy/agent.Dockerfile agents/python
#
# Give it the address of one episode (`…/e/<handle>`), never the control token, and a network that reaches nothing else.
FROM python:3.12-slim

COPY . /tmp/oncall_gym
RUN pip install --no-cache-dir "/tmp/oncall_gym[openenv,gymnasium]" && rm -r /tmp/oncall_gym

RUN useradd --create-home agent
USER agent
WORKDIR /home/agent
CMD ["python"]
