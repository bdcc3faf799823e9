import { Busboy } from '@fastify/busboy';
import type { BusboyInstance } from '@fastify/busboy';
import type { Request, Response } from 'express';

import { BrokerError, InvalidInputError } from '../../common/errors.ts';
import { receiveFile } from './receive-file.ts';
import { MAX_TEXT_BYTES, textTooLong } from './upload.ts';
import type { Upload } from './upload.ts';

const LIMITS = {
  fieldNameSize: 100,
  fieldSize: MAX_TEXT_BYTES,
  fields: 1_000,
  files: 4,
  parts: 1_004,
};

/** A form as it came: what its fields hold, and its file. */
export interface ReceivedForm {
  fields: Record<string, string | string[]>;
  upload: Upload | undefined;
}

/**
 * Reads a form of `multipart/form-data`, its file to the disk. A file field that nobody chose a file
 * for is no file.
 *
 * @throws {InvalidInputError} if it is damaged, cut short or larger than may be, or has two files.
 */
export async function receiveForm(req: Request, res: Response): Promise<ReceivedForm> {
  const contentType = req.headers['content-type'] ?? '';
  // Not a prototype's names: a field may be called anything.
  const fields = Object.create(null) as ReceivedForm['fields'];
  const files: Promise<Upload>[] = [];
  let textBytes = 0;
  let parser: BusboyInstance;
  try {
    parser = new Busboy({
      headers: { ...req.headers, 'content-type': contentType },
      limits: LIMITS,
    });
  } catch (err) {
    throw new InvalidInputError('This form cannot be read: it names no boundary.', { cause: err });
  }
  await new Promise<void>((resolve, reject) => {
    const stop = (err: unknown) => {
      req.unpipe(parser);
      // Whoever sends goes on sending: what comes is thrown away until the answer is read.
      req.resume();
      reject(asInputError(err));
    };
    const tooMuch = () =>
      stop(new InvalidInputError('The form has more fields or files than are taken.'));
    parser.on('field', (name, value, isNameCut, isValueCut) => {
      textBytes += Buffer.byteLength(value);
      if (isNameCut || isValueCut || textBytes > MAX_TEXT_BYTES) stop(textTooLong());
      else add(fields, name, value);
    });
    parser.on('file', (_name, content, fileName: string | undefined) => {
      // Without a listener a part that is cut short would end the process.
      content.on('error', stop);
      if (fileName === undefined || fileName === '') {
        content.resume();
        return;
      }
      const file = receiveFile(res, content, fileName);
      file.catch(stop);
      files.push(file);
    });
    parser.on('fieldsLimit', tooMuch).on('filesLimit', tooMuch).on('partsLimit', tooMuch);
    parser.on('error', stop);
    parser.on('finish', resolve);
    req.on('aborted', () => stop(new InvalidInputError('The form did not come whole.')));
    req.on('error', stop);
    req.pipe(parser);
  });
  const uploads = (await Promise.all(files)).filter(({ bytes }) => bytes > 0);
  if (uploads.length > 1) throw new InvalidInputError('Send one file at a time.');
  return { fields, upload: uploads[0] };
}

function add(fields: ReceivedForm['fields'], name: string, value: string): void {
  const present = fields[name];
  fields[name] = present === undefined ? value : [present, value].flat();
}

/** Whatever the parser does not like is the sender's matter. */
function asInputError(err: unknown): Error {
  return err instanceof BrokerError
    ? err
    : new InvalidInputError('This form cannot be read: it is damaged or cut short.', {
        cause: err,
      });
}
