using System.Text.Json;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Pipeline;

/// <summary>Refuses an invalid request and names every fault.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
{
    private readonly IValidator<TRequest>[] _validators = [.. validators];

    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        List<Fault>? faults = null;
        foreach (var validator in _validators)
        {
            var result = validator.Validate(request);
            if (result.IsValid) continue;
            foreach (var failure in result.Errors.Take(InvalidRequestException.MaxFaults))
                (faults ??= []).Add(new Fault(AsOnTheWire(failure.PropertyName), failure.ErrorMessage));
        }

        return faults is null ? next() : throw new InvalidRequestException(faults);
    }

    private static string AsOnTheWire(string propertyName) =>
        string.Join('.', propertyName.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
