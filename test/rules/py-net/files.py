from sqlalchemy import create_engine

# ok: PY-NET
engine = create_engine("sqlite:///sales.db")
