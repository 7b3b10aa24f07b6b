from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "momentum.web.questions"
    label = "questions"
