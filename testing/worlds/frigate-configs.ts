/** Configurations as people have them, shortened, with passwords that must never be seen again. */
export const SECRET = 'hunter2';

const streams = (name: string) => `    ffmpeg:
      inputs:
        - path: rtsp://admin:${SECRET}@192.0.2.7:554/${name}
          roles: [record]
        - path: rtsp://{FRIGATE_RTSP_USER}:{FRIGATE_RTSP_PASSWORD}@192.0.2.7:554/${name}_sub
          roles: [detect]
`;

/** A YOLO of Ultralytics' kind at an ONNX detector, with zones, a label map of one's own and masks. */
export const yoloGeneric = `mqtt:
  host: mqtt.example
  user: frigate
  password: ${SECRET}
detectors:
  onnx: { type: onnx }
model:
  model_type: yolo-generic
  width: 320
  height: 320
  input_tensor: nchw
  input_dtype: float
  path: /config/model_cache/yolo.onnx
  labelmap_path: /labelmap/coco-80.txt
  labelmap: { 2: vehicle, 5: vehicle, 7: vehicle }
detect: { enabled: true, fps: 5 }
objects:
  track: [person, vehicle, dog]
  filters:
    person: { min_area: 4608, max_area: 100000, min_score: 0.5, threshold: 0.7 }
    vehicle: { min_area: 9216, threshold: 0.75 }
    dog: { min_area: 4608, threshold: 0.7 }
cameras:
  driveway:
${streams('driveway')}    detect: { width: 1280, height: 720 }
    motion: { mask: "0,0,1,0,1,0.08,0,0.08" }
    zones:
      drive:
        coordinates: 0,0.5,1,0.5,1,1,0,1
        loitering_time: 2
        inertia: 3
      pavement: { coordinates: "0,0.3,1,0.3,1,0.4", objects: [person] }
    review: { alerts: { required_zones: [drive] } }
  back_garden:
${streams('garden')}    detect: { width: 640, height: 480 }
    objects:
      filters: { person: { min_area: 0.01 } }
    zones:
      lawn: { coordinates: "0,240,640,240,640,480,0,480" }
  garage: { enabled: false }
`;

/** What Frigate runs where nothing is said: SSD as TensorFlow Lite, on a Coral. */
export const ssdDefault = `detectors:
  coral: { type: edgetpu, device: usb }
cameras:
  front:
${streams('front')}    detect: { width: 1280, height: 720, fps: 10, max_disappeared: 20 }
    objects:
      track:
        - person
        - car
`;

/** YOLO-NAS from the notebook of Frigate's documentation. */
export const yolonas = `model:
  model_type: yolonas
  width: 320
  height: 320
  input_pixel_format: bgr
  input_tensor: nchw
  path: /config/yolo_nas_s.onnx
  labelmap_path: /labelmap/coco-80.txt
cameras:
  porch:
${streams('porch')}    objects: { track: [person, cat, face] }
`;

/** RF-DETR, whose labels are COCO's with numbers that COCO skips. */
export const rfdetr = `model:
  model_type: rfdetr
  width: 320
  height: 320
  input_tensor: nchw
  input_dtype: float
  path: /config/model_cache/rfdetr.onnx
cameras:
  porch:
${streams('porch')}    detect: { enabled: true }
    objects: { track: [person, car, traffic light] }
`;
