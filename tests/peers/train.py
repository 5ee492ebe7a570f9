# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains two versions of the model, registers them with MLflow, and leaves what the others need.

Runs inside the MLflow environment: train.py DATA OUT. Writes OUT/model-1.joblib and -2.joblib for
MLServer, and OUT/reference.csv for driftop: the features and what version 2 predicts on them. The
identifier, the time and the truth stay out: no request carries them, so nothing is to be judged.
"""
import os
import sys

import joblib
import mlflow
import pandas
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from environment import FEATURES, FILES

NAME = "housing"


def versions():
    """One that is linear in the features, and one that also knows their products."""
    yield make_pipeline(StandardScaler(), LogisticRegression())
    yield make_pipeline(StandardScaler(), PolynomialFeatures(2), LogisticRegression(max_iter=1000))


def main(data, out):
    rows = pandas.read_csv(os.path.join(data, FILES[0]))
    inputs, target = rows[list(FEATURES)].to_numpy(), rows["clf_target"].to_numpy()
    for number, model in enumerate(versions(), 1):
        model.fit(inputs, target)
        joblib.dump(model, os.path.join(out, f"model-{number}.joblib"))
        with mlflow.start_run():
            # The list of packages is given, else MLflow starts a process to find it out.
            info = mlflow.sklearn.log_model(model, name="model", registered_model_name=NAME,
                                            pip_requirements=["scikit-learn"])
        accuracy = model.score(inputs, target)
        print(f"version {info.registered_model_version}: accuracy {accuracy:.3f} on its own rows")
    mlflow.MlflowClient().set_registered_model_alias(NAME, "champion", "2")
    reference = rows[list(FEATURES)].assign(prediction=model.predict_proba(inputs)[:, 1])
    reference.to_csv(os.path.join(out, "reference.csv"), index=False)


main(*sys.argv[1:])
