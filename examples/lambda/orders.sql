-- The table of the pipeline. The function "migrate" creates it if it does not exist. It never changes a table that exists.
CREATE TABLE IF NOT EXISTS orders (
  order_no integer PRIMARY KEY,
  customer text NOT NULL,
  email text NOT NULL,
  quantity integer NOT NULL,
  unit_price numeric(12, 2) NOT NULL,
  total numeric(12, 2) NOT NULL,
  ordered_on date NOT NULL
);
