using AiGateway.Application.Requests;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;

namespace AiGateway.Application.Generation;

internal sealed class GenerateValidator : AbstractValidator<Generate>
{
    private const int MaxMessages = 2048;
    private const int MaxStops = 4;
    private const int MaxChoices = 128;
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];
    private static readonly string[] Formats = ["text", "json"];

    public GenerateValidator()
    {
        // The readers of the OpenAI-compatible API apply rules of their own, and the provider judges what passes through. A
        // When block evaluates its condition once per rule; one child rule evaluates it once.
        RuleFor(request => request).ChildRules(Unread).When(request => request.Wire is null);
        RuleFor(request => request.Model).IsName(StorableText.NameLength);
        RuleFor(request => request.Provider).IsName(StorableText.NameLength);
        RuleFor(request => request.EndUser).IsName(StorableText.NameLength).OverridePropertyName("user");
        RuleFor(request => request.Choices).InclusiveBetween(1, MaxChoices).WithMessage($"must be between 1 and {MaxChoices}").OverridePropertyName("n");
    }

    private static void Unread(InlineValidator<Generate> request)
    {
        Conversation(request);
        request.RuleFor(each => each.Options).NotNull().WithMessage("is required").ChildRules(Options);
    }

    private static void Conversation(InlineValidator<Generate> conversation)
    {
        conversation.RuleFor(request => request.Prompt)
            .Must((request, prompt) => prompt is null != request.Messages is null)
            .WithMessage("give exactly one of prompt and messages");
        conversation.RuleFor(request => request.Prompt).Must(prompt => prompt is not "").WithMessage("must not be empty");
        conversation.RuleFor(request => request.Prompt).IsStorableText();
        conversation.RuleFor(request => request.SystemPrompt).IsStorableText();
        conversation.RuleFor(request => request.Messages)
            .Must(HasFewEnough)
            .WithMessage($"must hold 1 to {MaxMessages} messages");
        conversation.RuleForEach(request => request.Messages).NotNull().WithMessage("is required").ChildRules(message =>
        {
            message.RuleFor(each => each.Role)
                .Must(role => Roles.Contains(role, StringComparer.Ordinal))
                .WithMessage($"must be one of {string.Join(", ", Roles)}");
            message.RuleFor(each => each.Content).NotNull().WithMessage("is required").IsStorableText();
        }).When(request => HasFewEnough(request.Messages));
    }

    // Checked before the members, which may be millions.
    private static bool HasFewEnough(IReadOnlyList<ChatMessage>? messages) => messages is not { Count: 0 or > MaxMessages };

    private static bool HasFewEnough(IReadOnlyList<string>? stops) => stops is not { Count: 0 or > MaxStops };

    private static void Options(InlineValidator<GenerateOptions> options)
    {
        options.RuleFor(each => each.Temperature).IsWithin(0, 2);
        options.RuleFor(each => each.TopP).IsWithin(0, 1);
        options.RuleFor(each => each.FrequencyPenalty).IsWithin(-2, 2);
        options.RuleFor(each => each.PresencePenalty).IsWithin(-2, 2);
        options.RuleFor(each => each.MaxTokens)
            .Must(limit => limit is null or (>= 1 and <= int.MaxValue))
            .WithMessage($"must be between 1 and {int.MaxValue}");
        options.RuleFor(each => each.Stop)
            .Must(HasFewEnough)
            .WithMessage($"must hold 1 to {MaxStops} texts");
        // White space is allowed: a line break is the most common stop text.
        options.RuleForEach(each => each.Stop).Must(stop => stop is { Length: > 0 }).WithMessage("must not be empty").IsStorableText()
            .When(each => HasFewEnough(each.Stop));
        options.RuleFor(each => each.ResponseFormat)
            .Must(format => format is null || Formats.Contains(format, StringComparer.Ordinal))
            .WithMessage("must be text or json");
    }
}
