import pytest

from tests.config.files import DEV, problems


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            DEV,
            "database: {instance_class: db.m6i.large}",
            (
                "5: database.instance_class: 'db.m6i.large' is not offered for mysql in cn-north-1 (allowed: families db.t3, db.t4g, db.m5, "
                "db.m6g, db.m7g, db.m8g, db.r5, db.r6g, db.r7g, db.r8g); use a class of one of them, as db.t4g.medium"
            ),
        ),
        (
            DEV,
            "database: {engine: aurora-mysql, instance_class: db.t4g.small}",
            "5: database.instance_class: 'db.t4g.small' is not a class of db.t4g (allowed: db.t4g.medium, db.t4g.large); use one of them",
        ),
        (
            DEV,
            'database: {engine: aurora-mysql, version: "8.4.9"}',
            (
                "5: database.version: '8.4.9' is not a version of aurora-mysql that the platform runs on (allowed: 8.0.mysql_aurora.3.N.N); "
                "use one that `aws rds describe-db-engine-versions` lists, or remove it for the one that is tested"
            ),
        ),
        (
            DEV,
            "database: {storage_gib: 200}",
            (
                "5: database.maximum_storage_gib: 200 is less than a tenth more than storage_gib, which is 200 (allowed: 220 or more); "
                "write 220 or more"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]
