/** Questions to Amazon SQS. The SDK is loaded when a target needs it, not before. */
import type { GetQueueAttributesCommandOutput, Message, SQSClient } from '@aws-sdk/client-sqs';
import type { Deadline } from '../../model/deadline';
import { type AwsConfig, bounded, clientOptions, within } from '../aws';

type Sdk = typeof import('@aws-sdk/client-sqs');
export type QueueAttributes = NonNullable<GetQueueAttributesCommandOutput['Attributes']>;

export class SqsSession {
  private readonly loaded: Promise<{ sdk: Sdk; client: SQSClient }>;

  constructor(config: AwsConfig) {
    this.loaded = import('@aws-sdk/client-sqs').then((sdk) => ({
      sdk,
      // What a queue's URL says is no address: requests go to the configured endpoint.
      client: bounded(new sdk.SQSClient({ ...clientOptions(config), useQueueUrlAsEndpoint: false })),
    }));
    this.loaded.catch(() => undefined);
  }

  attributes(queueUrl: string, deadline: Deadline): Promise<QueueAttributes> {
    return within(deadline, 'sqs:GetQueueAttributes', async (options) => {
      const { sdk, client } = await this.loaded;
      const command = new sdk.GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] });
      return (await client.send(command, options)).Attributes ?? {};
    });
  }

  /** The URL of a queue by its ARN, `arn:aws:sqs:<region>:<account>:<name>`. */
  urlOf(arn: string, deadline: Deadline): Promise<string | undefined> {
    const [, , , , account = '', name = ''] = arn.split(':');
    return within(deadline, 'sqs:GetQueueUrl', async (options) => {
      const { sdk, client } = await this.loaded;
      const command = new sdk.GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account });
      return (await client.send(command, options)).QueueUrl;
    });
  }

  /** At most ten messages, hidden from others for `hiddenSeconds`. */
  receive(queueUrl: string, hiddenSeconds: number, deadline: Deadline): Promise<readonly Message[]> {
    return within(deadline, 'sqs:ReceiveMessage', async (options) => {
      const { sdk, client } = await this.loaded;
      const command = new sdk.ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hiddenSeconds,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
        MessageAttributeNames: ['All'],
      });
      return (await client.send(command, options)).Messages ?? [];
    });
  }

  /** Makes received messages visible again. Answers how many could not be. */
  show(queueUrl: string, receipts: readonly string[], deadline: Deadline): Promise<number> {
    return within(deadline, 'sqs:ChangeMessageVisibility', async (options) => {
      const { sdk, client } = await this.loaded;
      const command = new sdk.ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: receipts.map((receipt, index) => ({
          Id: String(index),
          ReceiptHandle: receipt,
          VisibilityTimeout: 0,
        })),
      });
      return (await client.send(command, options)).Failed?.length ?? 0;
    });
  }

  close(): void {
    void this.loaded.then(
      ({ client }) => client.destroy(),
      () => undefined
    );
  }
}
