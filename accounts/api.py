"""Tokens for scripts: `/api/token/`."""

from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.logins import LONGEST_NAME, check_password
from accounts.passwords import LONGEST_PASSWORD
from comments.api.errors import errors, valid
from comments.api.fields import ShortCharField
from comments.errors import CommentError


class Credentials(serializers.Serializer[None]):
    username = ShortCharField(max_length=LONGEST_NAME)
    password = ShortCharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)


class NewToken(serializers.Serializer[None]):
    token = serializers.CharField()


class TokenView(APIView):
    authentication_classes = ()

    @extend_schema(
        operation_id="token",
        request=Credentials,
        responses={200: NewToken} | errors(400, 401, 403, 413, 429, 503),
    )
    @sensitive_variables("fields")
    def post(self, request: Request) -> Response:
        """A token for scripts, by user name and password."""
        fields = valid(Credentials(data=request.data))
        user = check_password(request._request, **fields)
        if user is None:
            raise CommentError(401, "bad_credentials", "User name and password don't match.")
        token, _ = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})
