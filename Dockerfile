FROM python:3.12-slim
COPY . /src
RUN pip install --no-cache-dir "/src[serve]"
USER nobody
VOLUME /data
EXPOSE 8642
CMD ["kg", "serve", "--store", "/data/kg-store", "--host", "0.0.0.0", "--port", "8642"]
