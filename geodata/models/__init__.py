"""Tables, one aggregate a file. ``account`` is left out on purpose: it alone needs Flask-Security."""

from geodata.models.appeal import Appeal
from geodata.models.area import Area, AreaBoundary, AreaSuccession, SchoolArea
from geodata.models.assessment import Answer, Assessment, Criterion, RestrictedAnswer, StandardDomain, StandardEdition
from geodata.models.audit import AuditChange, AuditEvent, AuditLink, AuditTransaction
from geodata.models.base import Base
from geodata.models.base_map import BaseMapFeature
from geodata.models.campaign import Campaign, CampaignVisit
from geodata.models.claim import Claim
from geodata.models.contact import SchoolContact
from geodata.models.data_change import DataChange
from geodata.models.evidence import AnswerChange, AssessmentStep, Evidence, Reading
from geodata.models.funded_project import FundedProject
from geodata.models.hazard import Exposure, ExposureRun, HazardFeature, HazardLayer
from geodata.models.hazard_resolution import HazardResolution
from geodata.models.import_batch import ImportBatch, ImportProblem, ImportRow
from geodata.models.job import BackgroundJob
from geodata.models.measure_price import MeasurePrice, SurveyValue
from geodata.models.official import OfficialChange, OfficialList, OfficialSplit, RunKit
from geodata.models.parameter_decision import ParameterDecision
from geodata.models.pipeline import PipelineMoney, PipelineMove, PipelineProject
from geodata.models.plan import BundleResult, Plan, PlanItem, PlanMustAct, PlanPayment
from geodata.models.plan_draws import PlanDraws, PlanDrawSchool
from geodata.models.prior import AnswerPrior, PriorDecision, PriorVersion, TypePrior
from geodata.models.protection import ProtectionCount, ProtectionShown
from geodata.models.provenance import PlanItemProvenance, PlanProvenance
from geodata.models.quality import AreaQuality, SchoolQuality
from geodata.models.quick_win import QuickWinResult
from geodata.models.revision import Revision, RevisionStep
from geodata.models.rivals import CutPair, CutSchool
from geodata.models.robustness import BuildingScreening, RunDraws, SchoolRobustness
from geodata.models.run import AreaResult, BuildingResult, DomainResult, Run, SchoolResult
from geodata.models.scenario import Scenario, ScenarioResult
from geodata.models.scheme import SchemeDecision, WeightScheme
from geodata.models.school import Building, School, SchoolCode
from geodata.models.sensitivity import PlanSensitivity, SensitivitySchool, SensitivityVariant
from geodata.models.standard_life import CriterionGuidance, StandardAgreement, StandardEditionStep
from geodata.models.submission import FieldConnection, Submission, SubmissionVersion
from geodata.models.survey import AssessorLevel, BuildingSurvey
from geodata.models.swing import SchoolSwing
from geodata.models.tile_pyramid import TilePyramid
from geodata.models.travel import Road, SchoolDistance, SchoolWay, ServicePlace, TravelLayer, TravelTime
from geodata.models.works import SchoolWorks, WorksChoice, WorksFigure

__all__ = [
    "Answer",
    "AnswerChange",
    "AnswerPrior",
    "Appeal",
    "Area",
    "AreaBoundary",
    "AreaQuality",
    "AreaResult",
    "AreaSuccession",
    "Assessment",
    "AssessmentStep",
    "AssessorLevel",
    "AuditChange",
    "AuditEvent",
    "AuditLink",
    "AuditTransaction",
    "BackgroundJob",
    "Base",
    "BaseMapFeature",
    "Building",
    "BuildingResult",
    "BuildingScreening",
    "BuildingSurvey",
    "BundleResult",
    "Campaign",
    "CampaignVisit",
    "Claim",
    "Criterion",
    "CriterionGuidance",
    "CutPair",
    "CutSchool",
    "DataChange",
    "DomainResult",
    "Evidence",
    "Exposure",
    "ExposureRun",
    "FieldConnection",
    "FundedProject",
    "HazardFeature",
    "HazardLayer",
    "HazardResolution",
    "ImportBatch",
    "ImportProblem",
    "ImportRow",
    "MeasurePrice",
    "OfficialChange",
    "OfficialList",
    "OfficialSplit",
    "ParameterDecision",
    "PipelineMoney",
    "PipelineMove",
    "PipelineProject",
    "Plan",
    "PlanDrawSchool",
    "PlanDraws",
    "PlanItem",
    "PlanItemProvenance",
    "PlanMustAct",
    "PlanPayment",
    "PlanProvenance",
    "PlanSensitivity",
    "PriorDecision",
    "PriorVersion",
    "ProtectionCount",
    "ProtectionShown",
    "QuickWinResult",
    "Reading",
    "RestrictedAnswer",
    "Revision",
    "RevisionStep",
    "Road",
    "Run",
    "RunDraws",
    "RunKit",
    "Scenario",
    "ScenarioResult",
    "SchemeDecision",
    "School",
    "SchoolArea",
    "SchoolCode",
    "SchoolContact",
    "SchoolDistance",
    "SchoolQuality",
    "SchoolResult",
    "SchoolRobustness",
    "SchoolSwing",
    "SchoolWay",
    "SchoolWorks",
    "SensitivitySchool",
    "SensitivityVariant",
    "ServicePlace",
    "StandardAgreement",
    "StandardDomain",
    "StandardEdition",
    "StandardEditionStep",
    "Submission",
    "SubmissionVersion",
    "SurveyValue",
    "TilePyramid",
    "TravelLayer",
    "TravelTime",
    "TypePrior",
    "WeightScheme",
    "WorksChoice",
    "WorksFigure",
]
