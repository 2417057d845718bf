"""The AWS accounts whose ECR holds SageMaker's own images, by group of images and region.

Separate because the accounts follow no rule: each group has its own in each region, and some regions lack a group.
"""

from collections.abc import Mapping

# aws/sagemaker-python-sdk a248126, its image URI files by framework; CDK's RegionInfo agrees on deep_learning.
# built_in_1 and built_in_2 are the algorithms that came first; `xgboost` there is version 1, every newer XGBoost is in xgboost.
_TABLE = """
region         xgboost      deep_learning built_in_1  built_in_2   deepar       lda          clarify      debugger     monitor      spark        wrangler     neo          base         distribution
cn-north-1     450853457545 727897471807 390948362332 390948362332 390948362332 -            122526803553 618459771430 453000072557 671472414489 245909111842 472730292857 390048526115 -
cn-northwest-1 451049120500 727897471807 387376663083 387376663083 387376663083 -            122578899357 658757709296 453252182341 844356804704 249157047649 474822919863 390780980154 -
us-east-1      683313688378 763104351884 382416733822 811284229777 522234722520 766337827248 205585389593 503895931360 156813124566 173754725891 663277389841 785573368785 081325390199 885854791233
us-east-2      257758044811 763104351884 404615174143 825641698319 566113047672 999911452149 211330385671 915447279597 777275614652 314815235551 415577184552 007439368137 429704687514 137914896644
us-west-2      246618743249 763104351884 174872318107 433757028032 156387875391 266724342769 306415355426 895741380848 159807026194 153931337802 174368400705 301217895009 236514542706 542918446943
eu-central-1   492215442770 763104351884 664544806723 813361260812 495149712605 353608530281 017069133835 482524230118 048819808253 906073651304 024640144536 746233611703 936697816551 545423591354
eu-west-1      141502667606 763104351884 438346466558 685385470294 224300973850 999678624901 131013547314 929884845733 468650794304 571004829621 245179582081 802834080501 470317259841 819792524951
ap-northeast-1 354813040037 763104351884 351501993468 501404015308 633353088612 258307448986 377024640650 430734990657 574779866223 411782140378 649008135260 941853720454 102112518831 010972774902
ap-southeast-1 121021644041 763104351884 475088953585 475088953585 475088953585 475088953585 834264404009 972752614525 245545462676 759080221371 119527597002 324986816169 492261229750 022667117163
"""


def _accounts(table: str) -> Mapping[str, Mapping[str, str]]:
    header, *rows = (line.split() for line in table.strip().splitlines())
    groups = header[1:]
    return {
        region: {group: account for group, account in zip(groups, accounts, strict=True) if account != "-"} for region, *accounts in rows
    }


ACCOUNTS: Mapping[str, Mapping[str, str]] = _accounts(_TABLE)
"""Accounts by region, then by group; a group that a region lacks is absent."""

REPOSITORIES: Mapping[str, str] = {
    "sagemaker-xgboost": "xgboost",
    "sagemaker-scikit-learn": "xgboost",
    "sagemaker-sparkml-serving": "xgboost",
    "pytorch-training": "deep_learning",
    "pytorch-inference": "deep_learning",
    "tensorflow-training": "deep_learning",
    "tensorflow-inference": "deep_learning",
    "huggingface-pytorch-training": "deep_learning",
    "huggingface-pytorch-inference": "deep_learning",
    "huggingface-pytorch-tgi-inference": "deep_learning",
    "djl-inference": "deep_learning",
    "sagemaker-tritonserver": "deep_learning",
    "autogluon-inference": "deep_learning",
    "linear-learner": "built_in_1",
    "kmeans": "built_in_1",
    "pca": "built_in_1",
    "randomcutforest": "built_in_1",
    "blazingtext": "built_in_2",
    "image-classification": "built_in_2",
    "object-detection": "built_in_2",
    "semantic-segmentation": "built_in_2",
    "forecasting-deepar": "deepar",
    "lda": "lda",
    "sagemaker-clarify-processing": "clarify",
    "sagemaker-debugger-rules": "debugger",
    "sagemaker-model-monitor-analyzer": "monitor",
    "sagemaker-spark-processing": "spark",
    "sagemaker-data-wrangler-container": "wrangler",
    "sagemaker-base-python": "base",
    "sagemaker-distribution-prod": "distribution",
}
"""The group that a repository is in."""


def account(repository: str, region: str) -> str:
    """Return the account that holds a repository of SageMaker's in a region.

    Args:
        repository: the repository's name, one of `REPOSITORIES`.
        region: the name of a region with tables.

    Raises:
        KeyError: SageMaker has no such repository, or not in that region.
    """
    return ACCOUNTS[region][REPOSITORIES[repository]]
