using Microsoft.AspNetCore.Mvc.ActionConstraints;

namespace AiGateway.Api.Anthropic;

/// <summary>Serves a request of Anthropic's clients, where another endpoint has the same address.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SpeaksAnthropicAttribute : Attribute, IActionConstraint
{
    public int Order => 0;

    public bool Accept(ActionConstraintContext context) => context.RouteContext.HttpContext.Request.Headers.ContainsKey("anthropic-version");
}
